package io.penstock.log4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginElement;
import org.junit.jupiter.api.Test;

/** What Log4j's processors write into the jar, so that the plugin is found without a scan and in a native image. */
class PluginMetadataTest {
    private static String content(String resource) throws IOException {
        StringBuilder all = new StringBuilder();
        for (URL url : Collections.list(PenstockAppender.class.getClassLoader().getResources(resource))) {
            try (InputStream in = url.openStream()) {
                all.append(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void log4jFindsThePluginInItsList() throws IOException {
        String plugins = content("META-INF/org/apache/logging/log4j/core/config/plugins/Log4j2Plugins.dat");
        assertTrue(plugins.contains("io.penstock.log4j.PenstockAppender"), plugins);
    }

    @Test
    void aNativeImageMaySetEachAttribute() throws IOException {
        String reflection = content(
                "META-INF/native-image/log4j-generated/io.penstock/penstock-log4j-appender/reflect-config.json");
        assertTrue(reflection.contains("\"io.penstock.log4j.PenstockAppender\""), reflection);
        assertTrue(reflection.contains("\"newBuilder\""), reflection);
        List<Field> attributes = Arrays.stream(PenstockAppenderBuilder.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(PluginBuilderAttribute.class)
                        || field.isAnnotationPresent(PluginElement.class))
                .toList();
        assertTrue(attributes.size() > 15, attributes.toString());
        for (Field attribute : attributes) {
            assertTrue(reflection.contains("{\"name\":\"" + attribute.getName() + "\"}"), attribute.getName());
        }
    }
}
