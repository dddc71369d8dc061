// The commands, events and state of panel:make_view. Made from its annotations; make it again, do not edit it:
//
//     auroraview-qt types panel:make_view -o api.d.ts

/// <reference path="./auroraview.d.ts" />

/** A version that is on the server now. */
export interface Published {
  shot: string;
  version: number;
}

/** One shot of the sequence. */
export interface Shot {
  name: string;
  frames: number;
  status: "wip" | "review" | "final";
}

declare global {
  interface AuroraViewCommands {
    /** The shots whose name holds a text. */
    list_shots: {
      params: { text?: string };
      result: Shot[];
    };
    /** Publish a shot as a new version. */
    publish: {
      params: { shot: string };
      result: Published;
    };
  }

  interface AuroraViewApi {
    /** The shots whose name holds a text. */
    list_shots(params?: { text?: string }): Promise<Shot[]>;
    /** The shots whose name holds a text. */
    list_shots(text?: string): Promise<Shot[]>;
    /** Publish a shot as a new version. */
    publish(params: { shot: string }): Promise<Published>;
    /** Publish a shot as a new version. */
    publish(shot: string): Promise<Published>;
  }

  interface AuroraViewEvents {
    published: Published;
  }

  interface AuroraViewState {
    selected?: string;
  }
}

export {};
