/** Text that several modules write. */
@NullMarked
package io.penstock.base.text;

import org.jspecify.annotations.NullMarked;
