/** The provider's three small pages. Values are escaped; there is no script. */
const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} · PanDA box</title>
<style>body{font:16px/1.5 system-ui;max-width:26rem;margin:12vh auto;padding:0 1rem}input,button{font:inherit;width:100%;padding:.5rem;margin:.25rem 0;box-sizing:border-box}.bad{color:#b00}</style>
</head><body><h1>${title}</h1>${body}</body></html>`;

export function signInPage(action: string, nickname: string, wrong: boolean): string {
  return page(
    'Sign in',
    `<p>The password was printed when the box started; it is also in <code>identity/accounts.json</code> of its folder.</p>
${wrong ? '<p class="bad">Name or password is wrong.</p>' : ''}
<form method="post" action="${escapeHtml(action)}">
<label>Name<input name="nickname" value="${escapeHtml(nickname)}" autocomplete="username" required></label>
<label>Password<input name="password" type="password" autocomplete="current-password" autofocus required></label>
<button>Sign in</button></form>`,
  );
}

/** `form` is the provider's own form with its hidden fields; the button submits it by the form's id. */
export function devicePage(form: string, message: string, button: string): string {
  return page(
    'Connect a program',
    `<p>${escapeHtml(message)}</p>${form}<button type="submit" form="op.deviceConfirmForm">${button}</button>`,
  );
}

export function deviceCodePage(form: string, wrong: boolean): string {
  return page(
    'Connect a program',
    `${wrong ? '<p class="bad">That code is not valid any more.</p>' : ''}${form}<button type="submit" form="op.deviceInputForm">Continue</button>`,
  );
}

export function donePage(): string {
  return page('Done', '<p>You can close this page and go back to your terminal.</p>');
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
