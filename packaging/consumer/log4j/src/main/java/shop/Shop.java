package shop;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

public class Shop {
    private static final Logger LOG = LogManager.getLogger("shop.log4j");

    public static void main(String[] args) {
        LOG.warn("sold out: {}", "bread");
        LogManager.shutdown();
    }
}
