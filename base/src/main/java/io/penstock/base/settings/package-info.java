/**
 * Annotations with which a record declares a section of the configuration: each component is one key, with its default,
 * bounds, description and reload behaviour. The agent reads files into such records and prints them, and generates the
 * reference file, the schema and the table of keys from them. JDK only.
 */
@NullMarked
package io.penstock.base.settings;

import org.jspecify.annotations.NullMarked;
