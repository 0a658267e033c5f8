import { describe, expect, it } from 'vitest'
import { decoded, fromScene, guidePath, splitList, toInnerPath, toPath } from '@/lib/query'

describe('addresses', () => {
  it('leave out what is empty and encode the rest', () => {
    expect(toPath('/pages/search/index', { q: '身份证&丢', audience: '', page: undefined })).toBe(
      '/pages/search/index?q=%E8%BA%AB%E4%BB%BD%E8%AF%81%26%E4%B8%A2'
    )
  })

  it('lead to a guide in a situation', () => {
    expect(guidePath('idcard-lost', ['b'])).toBe('/pages/guide/index?id=idcard-lost&situation=b')
    expect(guidePath('idcard-lost')).toBe('/pages/guide/index?id=idcard-lost')
  })

  it('are read whether or not the platform decoded them', () => {
    expect(decoded('%E8%BA%AB')).toBe('身')
    expect(decoded('身')).toBe('身')
    expect(decoded('100%')).toBe('100%')
    expect(splitList('a%2Cb')).toEqual(['a', 'b'])
  })

  it('from outside are recognised when they lead into the app', () => {
    expect(toInnerPath('https://zw.example.gov.cn/#/pages/guide/index?id=x')).toBe('/pages/guide/index?id=x')
    expect(toInnerPath('/pages/halls/index')).toBe('/pages/halls/index')
    expect(toInnerPath('https://example.gov.cn/form.pdf')).toBeNull()
  })

  it('come from a QR code', () => {
    expect(fromScene('id%3Didcard-lost%26situation%3Da')).toEqual({ id: 'idcard-lost', situation: 'a' })
    expect(fromScene(undefined)).toEqual({})
  })
})
