export type Send = {
  token?: string;
  body?: unknown;
  bytes?: Uint8Array;
  headers?: Record<string, string>;
};
export type Http = {
  /** One call; the header that our own pages send is there unless `headers` says otherwise. */
  send(method: string, path: string, options?: Send): Promise<Response>;
  /** The answer's JSON; throws when it is refused. */
  json<T>(method: string, path: string, options?: Send): Promise<T>;
  /** The status and the error's code, for what must be refused. */
  refusal(response: Response): Promise<{ status: number; code: string }>;
};

export function createHttp(url: string): Http {
  const send: Http['send'] = (method, path, { token, body, bytes, headers = {} } = {}) => {
    const sent: Record<string, string> = { 'X-OpenVTM': '1', ...headers };
    if (token !== undefined) sent.Authorization = `Bearer ${token}`;
    if (body !== undefined) sent['Content-Type'] ??= 'application/json';
    const payload = bytes ?? (body === undefined ? undefined : JSON.stringify(body));
    return fetch(`${url}${path}`, {
      method,
      headers: sent,
      redirect: 'manual',
      ...(payload === undefined ? {} : { body: payload as BodyInit }),
    });
  };
  return {
    send,
    async json<T>(method: string, path: string, options?: Send) {
      const response = await send(method, path, options);
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async refusal(response) {
      const { error } = (await response.json()) as { error?: { code: string } };
      return { status: response.status, code: error?.code ?? 'none' };
    },
  };
}
