package io.penstock.tools.demo.libraries;

import java.util.List;

/**
 * A file of a class path.
 *
 * @param of the name of the class path
 * @param sha256 of its content, in hexadecimal
 * @param size in bytes
 * @param path in a Maven repository
 */
record Library(String of, String sha256, long size, String path) {
    /** A line of the list. */
    static Library parse(String line) {
        List<String> parts = List.of(line.split(" ", 4));
        return new Library(parts.get(0), parts.get(1), Long.parseLong(parts.get(2)), parts.get(3));
    }
}
