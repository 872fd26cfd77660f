/** Records written as JSON, in the dialect of the program whose place the server takes. */
@NullMarked
package io.penstock.forward.server.internal.json;

import org.jspecify.annotations.NullMarked;
