// WeChat's side of an account in safe mode, played by the npm package wechat-crypto.
//
//   node peer.js <base url> <token> <encoding aes key> <app id>   < pushes, one JSON object a line
//
// Every line is {"account", "xml"}; every answer is {"status", "xml"} on standard output, `xml` being
// what the package decrypted, or null if the door did not answer with a sealed message.

const crypto = require('crypto');
const readline = require('readline');
const WXBizMsgCrypt = require('wechat-crypto');

const [, , base, token, key, appId] = process.argv;
const cryptor = new WXBizMsgCrypt(token, key, appId);

function element(xml, name) {
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, 's').exec(xml);
  return found && found[1];
}

function address(account, encrypted) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = crypto.randomBytes(6).toString('hex');
  const plain = crypto.createHash('sha1').update([token, timestamp, nonce].sort().join('')).digest('hex');
  const query = new URLSearchParams({
    signature: plain, timestamp, nonce, openid: 'o', encrypt_type: 'aes',
    msg_signature: cryptor.getSignature(timestamp, nonce, encrypted),
  });
  return `${base}/channels/wechat/${account}?${query}`;
}

function open(body) {
  const encrypted = element(body, 'Encrypt');
  if (!encrypted) return null;
  const signed = cryptor.getSignature(element(body, 'TimeStamp'), element(body, 'Nonce'), encrypted);
  if (signed !== element(body, 'MsgSignature')) throw new Error('the answer is not signed with our token');
  const { message, id } = cryptor.decrypt(encrypted);
  if (id !== appId) throw new Error('the answer was made for another app');
  return message;
}

async function push({ account, xml }) {
  const encrypted = cryptor.encrypt(xml);
  const body = `<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  const answer = await fetch(address(account, encrypted), { method: 'POST', body });
  return { status: answer.status, xml: open(await answer.text()) };
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await push(JSON.parse(line))));
  }
}

main().catch((error) => { console.error(error); process.exit(1); });
