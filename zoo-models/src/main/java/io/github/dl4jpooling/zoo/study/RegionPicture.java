// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.compare.Picture;
import io.github.dl4jpooling.zoo.data.Box;
import io.github.dl4jpooling.zoo.data.RegionScenes;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/** Draws the first test scenes with true, proposed and refined boxes: a row for each scene, a column for a pooling. */
final class RegionPicture {
    private static final int TILE = 168;
    private static final double SCALE = TILE / (double) RegionScenes.SIZE;
    private static final int GAP = 6;
    private static final int CAPTION = 20;
    private static final int WHITE = 255;
    private static final Color TRUE_BOX = new Color(0x33cc66);
    private static final Color PROPOSAL = new Color(0x66aaff);
    private static final Color REFINED = new Color(0xff8800);
    private static final BasicStroke LINE = new BasicStroke(1.4f);
    private static final BasicStroke DASHES =
            new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {3, 3}, 0);

    private RegionPicture() {}

    /** Boxes are those of the first seed, a proposal for each item. */
    static BufferedImage draw(RegionStudy study, RegionScenes test) {
        int rows = Math.min(RegionMeasurement.PICTURED, test.size());
        int columns = study.protocol().regions().size();
        int top = Picture.hasFonts() ? CAPTION : 0;
        return Picture.draw(columns * (TILE + GAP) - GAP, 2 * top + rows * (TILE + GAP) - GAP, graphics -> {
            for (int column = 0; column < columns; column++) {
                Regions regions = study.protocol().regions().get(column);
                int x = column * (TILE + GAP);
                if (top > 0) {
                    graphics.setColor(Color.BLACK);
                    graphics.drawString(RegionNames.title(regions), x, top - GAP);
                }
                for (int row = 0; row < rows; row++) {
                    Graphics2D tile = (Graphics2D) graphics.create(x, top + row * (TILE + GAP), TILE, TILE);
                    draw(tile, test, row, study.runs(regions).get(0));
                    tile.dispose();
                }
            }
            if (top > 0) {
                legend(graphics, 2 * top + rows * (TILE + GAP) - GAP - GAP);
            }
        });
    }

    private static void draw(Graphics2D graphics, RegionScenes test, int scene, RegionRun run) {
        BufferedImage image =
                new BufferedImage(RegionScenes.SIZE, RegionScenes.SIZE, BufferedImage.TYPE_INT_RGB);
        float[] pixels = test.pixels(scene);
        for (int i = 0; i < pixels.length; i++) {
            int grey = Math.round(WHITE * pixels[i]);
            image.setRGB(i % RegionScenes.SIZE, i / RegionScenes.SIZE, new Color(grey, grey, grey).getRGB());
        }
        graphics.drawImage(image, 0, 0, TILE, TILE, null);
        for (int i = 0; i < test.boxes(scene).size(); i += RegionProtocol.PROPOSALS) {
            outline(graphics, test.boxes(scene).get(i), TRUE_BOX, LINE);
            outline(graphics, test.proposals(scene).get(i), PROPOSAL, DASHES);
            outline(graphics, run.refined().get(scene).get(i), REFINED, LINE);
        }
    }

    private static void outline(Graphics2D graphics, Box box, Color color, BasicStroke stroke) {
        graphics.setColor(color);
        graphics.setStroke(stroke);
        graphics.draw(new Rectangle2D.Double(
                SCALE * box.x1(), SCALE * box.y1(), SCALE * box.width(), SCALE * box.height()));
    }

    private static void legend(Graphics2D graphics, int y) {
        String[] names = {"true box", "proposal", "refined"};
        Color[] colors = {TRUE_BOX, PROPOSAL, REFINED};
        for (int i = 0; i < names.length; i++) {
            int x = i * TILE / 2;
            graphics.setColor(colors[i]);
            graphics.setStroke(i == 1 ? DASHES : LINE);
            graphics.drawLine(x, y - 4, x + CAPTION, y - 4);
            graphics.setColor(Color.BLACK);
            graphics.drawString(names[i], x + CAPTION + 4, y);
        }
    }
}
