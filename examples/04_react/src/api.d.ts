// The commands, events and state of panel:make_view. Made from its annotations; make it again, do not edit it:
//
//     auroraview-qt types panel:make_view -o api.d.ts

/// <reference path="./auroraview.d.ts" />

/** The server has this version now. */
export interface Published {
  shot: string;
  version: number;
}

/** A shot of the sequence. */
export interface Shot {
  name: string;
  frames: number;
  status: "wip" | "review" | "final";
}

declare global {
  interface AuroraViewCommands {
    /** Return the shots whose name contains a text. */
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
    /** Return the shots whose name contains a text. */
    list_shots(params?: { text?: string }): Promise<Shot[]>;
    /** Return the shots whose name contains a text. */
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
