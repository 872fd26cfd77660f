// Opens a page in Chromium, runs a script in it, prints what the script answers and leaves the page.
// node page.mjs URL SCRIPT
// The browser runs on until standard input ends: a beacon is sent after its page was left, and dies with the browser.
import { Browser, Builder } from "selenium-webdriver";
import chrome from "selenium-webdriver/chrome.js";

const [url, script] = process.argv.slice(2);
const options = new chrome.Options()
  .setChromeBinaryPath("/usr/bin/chromium")
  .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
const browser = await new Builder()
  .forBrowser(Browser.CHROME)
  .setChromeOptions(options)
  .setChromeService(new chrome.ServiceBuilder("/usr/bin/chromedriver"))
  .build();
try {
  await browser.manage().setTimeouts({ script: 60000 });
  await browser.get(url);
  const answer = await browser.executeAsyncScript(
    `const done = arguments[arguments.length - 1];
     (async () => { ${script} })().then(done, (failed) => done({ failed: String(failed) }));`);
  await browser.get("about:blank");
  console.log(JSON.stringify(answer));
  for await (const _ of process.stdin);
} finally {
  await browser.quit();
}
