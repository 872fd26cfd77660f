/** What the HTTP servers of this project share. */
@NullMarked
package io.penstock.engine.http;

import org.jspecify.annotations.NullMarked;
