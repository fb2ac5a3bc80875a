/** Why an event may not be, for the one who has tried: half a sentence. */
export type Refusal = string;
