// Opens a page in Chromium, runs a script in it and prints what the script answers.
// node page.mjs URL SCRIPT
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
  console.log(JSON.stringify(answer));
} finally {
  await browser.quit();
}
