const IDS = {
  OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b',
  ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
  SessionId: 'a039f83d-1916-436b-a090-efbc08698506',
} as const;

/** The request body of the API document's cURL example. */
export const DOCUMENT_BODY = {
  Source: 'Web',
  Events: [
    { ...IDS, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: 1540270724 },
    { ...IDS, Type: 'Stop', Position: 4.554, SeqNumber: 2, Timestamp: 1540270728 },
    { ...IDS, Type: 'Start', Position: 308.053, SeqNumber: 3, Timestamp: 1540270728 },
    { ...IDS, Type: 'Stop', Position: 542.643, SeqNumber: 4, Timestamp: 1540270962 },
  ],
  Completed: true,
} as const;
