SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'none', // 150 calls: their headings are enough to begin with.
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  showExtensions: true, // x-source
  tryItOutEnabled: false,
  validatorUrl: null // Nothing leaves this computer.
});
