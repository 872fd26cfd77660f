/** The spool: the accepted events of each stream on local disk, between the source's acknowledgement and delivery. */
@NullMarked
package io.penstock.delivery.spool;

import org.jspecify.annotations.NullMarked;
