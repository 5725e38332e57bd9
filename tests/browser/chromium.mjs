// One headless Chromium, which asks nothing of the network.
import { chromium } from "playwright-core";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"];

export const launch = (executablePath, ...more) => chromium.launch({ executablePath, args: [...ARGS, ...more] });
