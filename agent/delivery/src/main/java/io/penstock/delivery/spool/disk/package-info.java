/** The data folder, its lock, and the room on the disk that it is on. */
@NullMarked
package io.penstock.delivery.spool.disk;

import org.jspecify.annotations.NullMarked;
