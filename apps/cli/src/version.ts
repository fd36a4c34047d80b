/** Version of these tools. */
export const CLI_VERSION = '0.1.0';

/** The release of panda-client whose wire format, options and parameter maps these tools have; part of `processingType`. */
export const COMPATIBLE_CLIENT_VERSION = '2.0.2';
