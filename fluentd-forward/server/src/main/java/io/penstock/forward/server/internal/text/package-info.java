/** UTF-8 and RFC 3339 as bytes. */
@NullMarked
package io.penstock.forward.server.internal.text;

import org.jspecify.annotations.NullMarked;
