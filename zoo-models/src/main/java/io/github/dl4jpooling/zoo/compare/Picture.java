// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** What the drawings share. */
public final class Picture {
    /** Palettes of Okabe and Ito, then of Tol, which people with colour vision deficiencies can tell apart. */
    public static final List<Color> CATEGORIES = List.of(new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73),
            new Color(0xcc79a7), new Color(0xe69f00), new Color(0x56b4e9), new Color(0x555555), new Color(0x332288),
            new Color(0x999933), new Color(0x882255), new Color(0x44aa99), new Color(0xddcc77));

    /** Pixels for each unit of length, so that pictures stay sharp on fine screens. */
    private static final int SCALE = 2;

    private Picture() {}

    /**
     * Draws on a white ground.
     *
     * @param width in units of which a pixel is half
     * @param height in the same units
     * @param drawing what is drawn, in the same units
     * @return the picture
     */
    public static BufferedImage draw(int width, int height, Consumer<Graphics2D> drawing) {
        BufferedImage image = new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.scale(SCALE, SCALE);
        drawing.accept(graphics);
        graphics.dispose();
        return image;
    }

    /**
     * @param image a picture
     * @return it as a PNG file
     * @throws IOException never, but Java's interface asks for it
     */
    public static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // Given a plain stream, Java writes a temporary file first, for which there may be no room.
        try (ImageOutputStream memory = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(image, "png", memory);
        }
        return out.toByteArray();
    }

    /** @return whether text can be drawn: Java needs a font of the system for that, and small systems have none */
    public static boolean hasFonts() {
        try {
            draw(1, 1, graphics -> graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12)).stringWidth("x"));
            return true;
        } catch (LinkageError | InternalError | RuntimeException e) {
            return false;
        }
    }
}
