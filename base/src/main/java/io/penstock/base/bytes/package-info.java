/** Bytes under construction, and the text that is written into them: UTF-8, JSON, points in time. */
@NullMarked
package io.penstock.base.bytes;

import org.jspecify.annotations.NullMarked;
