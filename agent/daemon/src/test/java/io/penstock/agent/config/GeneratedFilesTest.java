package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The reference file, the schema and the tables of keys are what the settings records declare. With
 * {@code -Dpenstock.regenerate=true}, as config/regenerate sets it, they are written instead of compared.
 */
class GeneratedFilesTest {
    private static final Path ROOT = Path.of("../..");
    private static final boolean WRITE = Boolean.getBoolean("penstock.regenerate");

    @Test
    void theReferenceFileIsTheOneThatTheRecordsDeclare() throws IOException {
        compare("config/penstock.yaml", ReferenceFile.text());
    }

    @Test
    void theSchemaIsTheOneThatTheRecordsDeclare() throws IOException {
        compare("config/penstock.schema.json", SchemaFile.text());
    }

    @Test
    void theTablesOfKeysAreThoseThatTheRecordsDeclare() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/configuration.md"));
        String tables = replaced(document, "keys", KeyTable.of(false));
        compare("docs/configuration.md", replaced(tables, "keys of a route", KeyTable.of(true)));
    }

    /** {@code document} with {@code table} between the two comments that name it. */
    private static String replaced(String document, String name, String table) {
        String begin = "<!-- " + name + ": made by config/regenerate -->\n";
        int from = document.indexOf(begin) + begin.length();
        int to = document.indexOf("<!-- end of " + name + " -->", from);
        if (from < begin.length() || to < 0) {
            throw new AssertionError("docs/configuration.md lacks the comments around the table of " + name);
        }
        return document.substring(0, from) + "\n" + table + "\n" + document.substring(to);
    }

    private static void compare(String file, String wanted) throws IOException {
        Path path = ROOT.resolve(file);
        if (WRITE) {
            Files.writeString(path, wanted);
        }
        assertEquals(wanted, Files.readString(path), file + " is not what the records declare: run config/regenerate");
    }
}
