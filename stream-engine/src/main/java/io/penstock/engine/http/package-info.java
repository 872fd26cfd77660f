/** What the HTTP servers of this project have in common. */
@NullMarked
package io.penstock.engine.http;

import org.jspecify.annotations.NullMarked;
