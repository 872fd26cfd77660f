/** Which thread owns a type's state, and the check of it in tests. */
@NullMarked
package io.penstock.base.thread;

import org.jspecify.annotations.NullMarked;
