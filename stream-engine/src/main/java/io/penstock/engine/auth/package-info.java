/** Who calls a Kinesis API: Signature Version 4, and the file with the clients' keys. */
@NullMarked
package io.penstock.engine.auth;

import org.jspecify.annotations.NullMarked;
