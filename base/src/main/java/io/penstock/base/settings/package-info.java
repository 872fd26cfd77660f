/**
 * How a record says that it is a section of the configuration: each component is one key, with its default, its bounds,
 * what it means and when a change of it takes effect. The agent reads files into such records, prints them, and makes
 * the reference file, the schema and the table of keys from them. JDK only.
 */
@NullMarked
package io.penstock.base.settings;

import org.jspecify.annotations.NullMarked;
