import { defineConfig, type Plugin } from 'vite'
import uniPlugin from '@dcloudio/vite-plugin-uni'

// The plugin is CommonJS; which shape arrives here depends on how Node loaded it.
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin

/**
 * The framework's style sheets name pictures on its vendor's servers. A citizen's phone asks nobody
 * but us, so declarations that would load something from elsewhere are left out.
 */
function onlyOwnHost(): Plugin {
  const outside = /[\w-]+\s*:[^;{}]*url\(\s*["']?(?:https?:)?\/\/[^)]*\)[^;{}]*(?:;|(?=\}))/g
  return {
    name: 'only-own-host',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && /\.\w*(css|wxss|acss)$/.test(file.fileName)) {
          file.source = file.source.toString().replace(outside, '')
        }
      }
    }
  }
}

export default defineConfig({
  plugins: [uni(), onlyOwnHost()],
  server: {
    port: 5173,
    proxy: {
      '/api': { target: process.env.BANSHITONG_API ?? 'http://127.0.0.1:8000', changeOrigin: false }
    }
  },
  css: {
    preprocessorOptions: { scss: { quietDeps: true } }
  }
})
