/** What the listeners of several protocols share. */
@NullMarked
package io.penstock.base.net;

import org.jspecify.annotations.NullMarked;
