/**
 * Node's HTTP client. An `import` would read every name that these modules offer, and some of those load as much again
 * when they are read: it takes three times as long.
 */
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

export const httpRequest = http.request;
export const httpsRequest = https.request;
export const HttpAgent = http.Agent;
export const HttpsAgent = https.Agent;
