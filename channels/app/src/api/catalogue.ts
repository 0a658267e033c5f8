import { get } from '@/api/http'
import type { Audience, Guide, Hall, Page, ServiceItem } from '@/api/types'
import { toPath } from '@/lib/query'

export interface ServiceQuery {
  q?: string
  audience?: Audience | ''
  theme?: string
  page?: number
  page_size?: number
}

export const listServices = (query: ServiceQuery): Promise<Page<ServiceItem>> =>
  get(toPath('/api/v1/services', { ...query }))

export const getGuide = (serviceId: string): Promise<Guide> =>
  get(`/api/v1/services/${encodeURIComponent(serviceId)}`)

export const listHalls = (): Promise<Page<Hall>> => get('/api/v1/halls')
