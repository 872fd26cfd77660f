package io.penstock.application;

import ch.qos.logback.classic.LoggerContext;
import io.penstock.logback.PenstockAppender;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A Spring Boot application that does what it is told on standard input: {@code log NAME COUNT} logs that many events,
 * {@code status} prints the appender's counters, {@code end} closes the application as Spring Boot does.
 */
@SpringBootApplication
public class ShopApplication implements CommandLineRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ShopApplication.class);

    public static void main(String[] args) {
        ConfigurableApplicationContext context = SpringApplication.run(ShopApplication.class, args);
        System.exit(SpringApplication.exit(context));
    }

    @Override
    public void run(String... args) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null && !line.equals("end"); line = commands.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("log")) {
                for (int n = 0; n < Integer.parseInt(words[2]); n++) {
                    LOG.atInfo().addKeyValue("customer", n).log("sold #{} {}#", words[1], n);
                }
                System.out.println("told: logged " + words[1]);
            } else {
                System.out.println("told: " + appender().status() + ";");
            }
        }
    }

    private static PenstockAppender appender() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return (PenstockAppender) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("penstock");
    }
}
