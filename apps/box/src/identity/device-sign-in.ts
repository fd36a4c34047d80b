/**
 * What a person does in the browser during the device flow, done by a program: open the page, sign in, allow.
 * The demo and the tests use it, so that they log in exactly as a user does.
 */
export async function signInDevice(verificationUri: string, nickname: string, password: string): Promise<void> {
  const browser = new Browser();
  const confirm = await browser.open(verificationUri);
  const signIn = await browser.submit(confirm, { confirm: 'yes' });
  const done = await browser.submit(signIn, { nickname, password });
  if (!done.html.includes('You can close this page')) throw new Error('the identity provider refused the sign-in');
}

interface Page {
  readonly url: string;
  readonly html: string;
}

/** The least a browser does: cookies, redirects, and forms with their hidden fields. */
class Browser {
  private readonly cookies = new Map<string, string>();

  async open(url: string, form?: URLSearchParams): Promise<Page> {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      ...(form ? { body: form } : {}),
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      if (name) this.cookies.set(name, value ?? '');
    }
    const location = response.headers.get('location');
    if (location) return this.open(new URL(location, url).href);
    return { url, html: await response.text() };
  }

  submit(page: Page, fields: Record<string, string>): Promise<Page> {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.html)?.[1];
    if (!action) throw new Error('the identity provider showed no form');
    const form = new URLSearchParams(fields);
    for (const [, name, value] of page.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
      if (name && !form.has(name)) form.set(name, value ?? '');
    }
    return this.open(new URL(action, page.url).href, form);
  }
}
