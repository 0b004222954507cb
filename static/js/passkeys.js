// Adds a passkey, or shows one. The sentences stand in the page; without script the code of an app does as well.
(() => {
  const place = document.querySelector("[data-passkeys]");
  if (!place || !window.PublicKeyCredential) return;
  const button = place.querySelector("button");
  const failed = place.querySelector("[data-failed]");
  const token = place.querySelector("[name=csrfmiddlewaretoken]").value;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function post(address, body) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function add(options) {
    const made = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: known(options.excludeCredentials),
      },
    });
    const response = made.response;
    return {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports ? response.getTransports() : [],
      made,
    };
  }

  async function show(options) {
    const made = await navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: known(options.allowCredentials),
      },
    });
    const response = made.response;
    return {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
      made,
    };
  }

  async function go() {
    const options = await post(place.dataset.begin, {});
    const { made, ...response } = await (place.dataset.passkeys === "add" ? add(options) : show(options));
    const answer = await post(place.dataset.complete, {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      authenticatorAttachment: made.authenticatorAttachment,
      clientExtensionResults: made.getClientExtensionResults(),
      response,
    });
    window.location.assign(answer.redirect_url || window.location.href);
  }

  button.addEventListener("click", () => {
    failed.hidden = true;
    button.disabled = true;
    go().catch(() => {
      failed.hidden = false;
      button.disabled = false;
    });
  });
  place.hidden = false;
})();
