/** The data folder, its lock, and the space of its disk. */
@NullMarked
package io.penstock.delivery.spool.disk;

import org.jspecify.annotations.NullMarked;
