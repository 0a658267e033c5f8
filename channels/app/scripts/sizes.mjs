// What a citizen's phone downloads, compressed. Fails when the first page costs too much.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const ROOT = new URL('../dist/build/h5/', import.meta.url).pathname
const LIMIT_KB = 250

const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : [path]
  })

const compressed = (path) => gzipSync(readFileSync(path), { level: 9 }).length / 1024
const rows = files(ROOT).map((path) => ({ name: path.slice(ROOT.length), kb: compressed(path) }))
rows.sort((a, b) => b.kb - a.kb)
rows.forEach(({ name, kb }) => console.log(`${kb.toFixed(1).padStart(7)} KB  ${name}`))

// Counted generously: everything that is not the code of another page.
const isOtherPage = (name) => /assets\/pages-(?!home)/.test(name) || name.startsWith('static/tab/')
const first = rows.filter(({ name }) => !isOtherPage(name)).reduce((sum, { kb }) => sum + kb, 0)
const all = rows.reduce((sum, { kb }) => sum + kb, 0)
console.log(`first page ${first.toFixed(1)} KB of ${LIMIT_KB} KB, everything ${all.toFixed(1)} KB`)
if (first > LIMIT_KB) process.exit(1)
