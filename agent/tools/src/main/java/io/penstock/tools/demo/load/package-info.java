/** What drives the demonstration: a site's page views, beacons of a show floor, an application's log. */
@NullMarked
package io.penstock.tools.demo.load;

import org.jspecify.annotations.NullMarked;
