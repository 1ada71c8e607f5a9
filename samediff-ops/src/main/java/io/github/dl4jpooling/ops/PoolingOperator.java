// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The list of operators. It drives registration with SameDiff, the tests every operator goes through, the benchmarks
 * and the operator table of the documentation. The name of a constant is the operator's stem: it names the operator's
 * files and kernels in every folder.
 */
public enum PoolingOperator {
    /** Soft pooling: mean of the window weighted by exp(x); see {@link SoftPool}. */
    SOFT_POOL("pooling_soft", "Soft pooling", SoftPool::new, SoftPoolBp::new),
    /** Minimum pooling: the smallest element of the window; see {@link MinPool}. */
    MIN_POOL("pooling_min", "Minimum pooling", MinPool::new, MinPoolBp::new),
    /** Maximum pooling: the largest element of the window, with its position; see {@link MaxPool}. */
    MAX_POOL("pooling_max", "Maximum pooling", MaxPool::new, MaxPoolBp::new),
    /** Average pooling: the mean of the window; see {@link AveragePool}. */
    AVERAGE_POOL("pooling_average", "Average pooling", AveragePool::new, AveragePoolBp::new),
    /** Sum pooling: the sum of the window; see {@link SumPool}. */
    SUM_POOL("pooling_sum", "Sum pooling", SumPool::new, SumPoolBp::new),
    /** Range pooling: largest less smallest element of the window; see {@link RangePool}. */
    RANGE_POOL("pooling_range", "Range pooling", RangePool::new, RangePoolBp::new),
    /** Median pooling: the lower median of the window, with its position; see {@link MedianPool}. */
    MEDIAN_POOL("pooling_median", "Median pooling", MedianPool::new, MedianPoolBp::new),
    /** Top-k average pooling: the mean of the k largest elements of the window; see {@link TopkAveragePool}. */
    TOPK_AVERAGE_POOL("pooling_topk_average", "Top-k average pooling", TopkAveragePool::new, TopkAveragePoolBp::new),
    /** Log-mean-exp pooling: a smooth maximum of the window; see {@link LogMeanExpPool}. */
    LOG_MEAN_EXP_POOL("pooling_log_mean_exp", "Log-mean-exp pooling", LogMeanExpPool::new, LogMeanExpPoolBp::new),
    /** Variance pooling: variance or standard deviation of the window; see {@link VariancePool}. */
    VARIANCE_POOL("pooling_variance", "Variance pooling", VariancePool::new, VariancePoolBp::new),
    /** Sparse pooling: maximum or mean of the active elements of the window; see {@link SparsePool}. */
    SPARSE_POOL("pooling_sparse", "Sparse pooling", SparsePool::new, SparsePoolBp::new),
    /** P-norm pooling: the p-norm of the window; see {@link PnormPool}. */
    PNORM_POOL("pooling_pnorm", "P-norm pooling", PnormPool::new, PnormPoolBp::new),
    /** Lp pooling as PyTorch defines it; see {@link LpPool}. */
    LP_POOL("pooling_lp", "Lp pooling", LpPool::new, LpPoolBp::new),
    /** Power-average pooling: generalised mean of magnitudes with a learnable power; see {@link PowerAveragePool}. */
    POWER_AVERAGE_POOL("pooling_power_average", "Power-average pooling", PowerAveragePool::new,
            PowerAveragePoolBp::new),
    /** Generalised-mean (GeM) pooling with a learnable power; see {@link GemPool}. */
    GEM_POOL("pooling_gem", "Generalised-mean pooling", GemPool::new, GemPoolBp::new),
    /** Mixed pooling: learned mix of maximum and average; see {@link MixedPool}. */
    MIXED_POOL("pooling_mixed", "Mixed pooling", MixedPool::new, MixedPoolBp::new),
    /** Random mixed pooling: maximum or average, drawn at random in training; see {@link RandomMixedPool}. */
    RANDOM_MIXED_POOL("pooling_random_mixed", "Random mixed pooling", RandomMixedPool::new, RandomMixedPoolBp::new),
    /** Gated pooling: maximum and average mixed by a learned gate; see {@link GatedPool}. */
    GATED_POOL("pooling_gated", "Gated pooling", GatedPool::new, GatedPoolBp::new),
    /** Tree pooling: learned filters mixed by a tree of learned gates; see {@link TreePool}. */
    TREE_POOL("pooling_tree", "Tree pooling", TreePool::new, TreePoolBp::new),
    /** Local importance-based pooling: mean of the window weighted by exp(logit); see {@link LipPool}. */
    LIP_POOL("pooling_lip", "Local importance-based pooling", LipPool::new, LipPoolBp::new),
    /**
     * Detail-preserving pooling (lite): weights grow with the distance from the mean of the window; see {@link
     * DppPool}.
     */
    DPP_POOL("pooling_dpp", "Detail-preserving pooling", DppPool::new, DppPoolBp::new),
    /**
     * Inverse bilateral pooling: detail-preserving pooling with the smoothed map as an input; see {@link
     * InverseBilateralPool}.
     */
    INVERSE_BILATERAL_POOL("pooling_inverse_bilateral", "Inverse bilateral pooling", InverseBilateralPool::new,
            InverseBilateralPoolBp::new),
    /** Filter pooling: each window times a learned filter; see {@link FilterPool}. */
    FILTER_POOL("pooling_filter", "Filter pooling", FilterPool::new, FilterPoolBp::new),
    /**
     * Detail-preserving pooling (full): weights grow with the distance from a learned smoothed map; see {@link
     * DppFullPool}.
     */
    DPP_FULL_POOL("pooling_dpp_full", "Full detail-preserving pooling", DppFullPool::new, DppFullPoolBp::new, 2),
    /** Detail-preserving image downscaling as pooling, without parameters; see {@link DpidPool}. */
    DPID_POOL("pooling_dpid", "Detail-preserving downscaling", DpidPool::new, DpidPoolBp::new),
    /**
     * eDSCW pooling: mean of the window weighted by the exponential of the Dice-Sorensen coefficient; see {@link
     * EdscwPool}.
     */
    EDSCW_POOL("pooling_edscw", "Dice-Sorensen pooling", EdscwPool::new, EdscwPoolBp::new),
    /**
     * Inverse distance weighted pooling: weights fall with the distance from the mean of the window; see {@link
     * IdwPool}.
     */
    IDW_POOL("pooling_idw", "Inverse distance pooling", IdwPool::new, IdwPoolBp::new),
    /** AdaPool: learned mix of eDSCW and soft pooling; see {@link AdaPool}. */
    ADA_POOL("pooling_ada", "Adaptive exponential pooling", AdaPool::new, AdaPoolBp::new),
    /** Stochastic pooling: an element drawn with a probability proportional to its size; see {@link StochasticPool}. */
    STOCHASTIC_POOL("pooling_stochastic", "Stochastic pooling", StochasticPool::new, StochasticPoolBp::new),
    /** Sparse pooling of site lists: active elements given by their coordinates; see {@link SparseSitePool}. */
    SPARSE_SITE_POOL("pooling_sparse_site", "Sparse site pooling", SparseSitePool::new, SparseSitePoolBp::new),
    /** Gated pooling of spikes: the unit that has fired most often is let through; see {@link SpikeGatePool}. */
    SPIKE_GATE_POOL("pooling_spike_gate", "Spike gate pooling", SpikeGatePool::new, SpikeGatePoolBp::new, 1, 2),
    /** First-spike pooling: the first spike of a window inhibits the others; see {@link FirstSpikePool}. */
    FIRST_SPIKE_POOL("pooling_first_spike", "First-spike pooling", FirstSpikePool::new, FirstSpikePoolBp::new, 1, 2),
    /** Adaptive average pooling: means of a grid of cells of given size; see {@link AdaptiveAvgPool}. */
    ADAPTIVE_AVG_POOL("pooling_adaptive_avg", "Adaptive average pooling", AdaptiveAvgPool::new, AdaptiveAvgPoolBp::new),
    /** Adaptive maximum pooling: maxima of a grid of cells of given size; see {@link AdaptiveMaxPool}. */
    ADAPTIVE_MAX_POOL("pooling_adaptive_max", "Adaptive maximum pooling", AdaptiveMaxPool::new, AdaptiveMaxPoolBp::new),
    /** Spatial pyramid pooling: several grids, one behind the other; see {@link SpatialPyramidPool}. */
    SPATIAL_PYRAMID_POOL("pooling_spatial_pyramid", "Spatial pyramid pooling", SpatialPyramidPool::new,
            SpatialPyramidPoolBp::new, 2),
    /** Fractional maximum pooling: maxima of windows at random places; see {@link FractionalMaxPool}. */
    FRACTIONAL_MAX_POOL("pooling_fractional_max", "Fractional maximum pooling", FractionalMaxPool::new,
            FractionalMaxPoolBp::new, 2, 3),
    /** S3 pooling: random rows and columns of a dense maximum pooling; see {@link S3Pool}. */
    S3_POOL("pooling_s3", "S3 pooling", S3Pool::new, S3PoolBp::new),
    /** Winner-take-all: the k largest elements of a map stay, the others become 0; see {@link WinnerTakeAll}. */
    WINNER_TAKE_ALL("pooling_winner_take_all", "Winner-take-all", WinnerTakeAll::new, WinnerTakeAllBp::new),
    /** K-max pooling: the k largest elements of a sequence in their order; see {@link KMaxPool}. */
    K_MAX_POOL("pooling_k_max", "K-max pooling", KMaxPool::new, KMaxPoolBp::new, 1),
    /** Chunk pooling: the steps of a sequence cut into k chunks; see {@link ChunkPool}. */
    CHUNK_POOL("pooling_chunk", "Chunk pooling", ChunkPool::new, ChunkPoolBp::new, 1),
    /** Time-window pooling: events of the last day, the last week; see {@link TimeWindowPool}. */
    TIME_WINDOW_POOL("pooling_time_window", "Time-window pooling", TimeWindowPool::new, TimeWindowPoolBp::new, 1),
    /** Maximum unpooling: elements back to where a maximum pooling found them; see {@link MaxUnpool}. */
    MAX_UNPOOL("pooling_max_unpool", "Maximum unpooling", MaxUnpool::new, MaxUnpoolBp::new),
    /** Adaptive unpooling: enlarges with the weights of adaptive pooling; see {@link AdaUnpool}. */
    ADA_UNPOOL("pooling_ada_unpool", "Adaptive unpooling", AdaUnpool::new, AdaUnpoolBp::new, 2),
    /** Deformable average pooling: the mean of displaced window places; see {@link DeformableAveragePool}. */
    DEFORMABLE_AVERAGE_POOL(
            "pooling_deformable_average", "Deformable average pooling",
            DeformableAveragePool::new, DeformableAveragePoolBp::new, 2),
    /** Deformable average pooling with a convolution that predicts the offsets; see {@link DeformableBlockPool}. */
    DEFORMABLE_BLOCK_POOL(
            "pooling_deformable_block", "Deformable pooling with predicted offsets",
            DeformableBlockPool::new, DeformableBlockPoolBp::new, 2),
    /** Local importance-based pooling with its logit network; see {@link LipBlockPool}. */
    LIP_BLOCK_POOL(
            "pooling_lip_block", "Local importance-based pooling with a logit network", LipBlockPool::new,
            LipBlockPoolBp::new, 2),
    /** Attention pooling: mean of the map with learned weights; see {@link AttentionPool}. */
    ATTENTION_POOL("pooling_attention", "Attention pooling", AttentionPool::new, AttentionPoolBp::new),
    /** Multi-head attention pooling: learned queries gather from the map; see {@link MultiHeadAttentionPool}. */
    MULTI_HEAD_ATTENTION_POOL("pooling_multi_head_attention", "Multi-head attention pooling",
            MultiHeadAttentionPool::new, MultiHeadAttentionPoolBp::new),
    /** Cross-modal attention pooling: two maps attend to each other; see {@link CrossAttentionPool}. */
    CROSS_ATTENTION_POOL("pooling_cross_attention", "Cross-modal attention pooling", CrossAttentionPool::new,
            CrossAttentionPoolBp::new),
    /** RoI pooling: the largest element of each cell of a region; see {@link RoiPool}. */
    ROI_POOL("pooling_roi", "RoI pooling", RoiPool::new, RoiPoolBp::new, 2),
    /** RoIAlign: mean or maximum of interpolated samples of each cell of a region; see {@link RoiAlign}. */
    ROI_ALIGN("pooling_roi_align", "RoIAlign", RoiAlign::new, RoiAlignBp::new, 2),
    /** Rotated RoIAlign: RoIAlign of turned regions; see {@link RotatedRoiAlign}. */
    ROTATED_ROI_ALIGN("pooling_rotated_roi_align", "Rotated RoIAlign", RotatedRoiAlign::new, RotatedRoiAlignBp::new, 2),
    /** Position-sensitive RoI pooling: mean of each cell, every cell from its own channels; see {@link PsRoiPool}. */
    PS_ROI_POOL("pooling_ps_roi", "Position-sensitive RoI pooling", PsRoiPool::new, PsRoiPoolBp::new, 2),
    /** Position-sensitive RoIAlign: RoIAlign, every cell from its own channels; see {@link PsRoiAlign}. */
    PS_ROI_ALIGN("pooling_ps_roi_align", "Position-sensitive RoIAlign", PsRoiAlign::new, PsRoiAlignBp::new, 2),
    /**
     * Precise RoI pooling: integral of the interpolated map, differentiable by the boxes; see {@link
     * PreciseRoiPool}.
     */
    PRECISE_ROI_POOL("pooling_precise_roi", "Precise RoI pooling", PreciseRoiPool::new, PreciseRoiPoolBp::new, 2),
    /** Deformable RoI pooling: RoIAlign with cells moved by learned offsets; see {@link DeformableRoiPool}. */
    DEFORMABLE_ROI_POOL("pooling_deformable_roi", "Deformable RoI pooling", DeformableRoiPool::new,
            DeformableRoiPoolBp::new, 2),
    /**
     * Deformable position-sensitive RoI pooling: position-sensitive cells moved by learned offsets; see {@link
     * DeformablePsRoiPool}.
     */
    DEFORMABLE_PS_ROI_POOL("pooling_deformable_ps_roi", "Deformable position-sensitive RoI pooling",
            DeformablePsRoiPool::new, DeformablePsRoiPoolBp::new, 2),
    /**
     * Multi-level RoIAlign: RoIAlign from the map of a pyramid that suits the region; see {@link
     * MultiLevelRoiAlign}.
     */
    MULTI_LEVEL_ROI_ALIGN("pooling_multi_level_roi_align", "Multi-level RoIAlign", MultiLevelRoiAlign::new,
            MultiLevelRoiAlignBp::new, 2),
    /** Oriented pooling: mean or maximum of windows that are lines; see {@link OrientedPool}. */
    ORIENTED_POOL("pooling_oriented", "Oriented pooling", OrientedPool::new, OrientedPoolBp::new, 2),
    /** Corner pooling: the largest element between a place and a border; see {@link CornerPool}. */
    CORNER_POOL("pooling_corner", "Corner pooling", CornerPool::new, CornerPoolBp::new, 2),
    /** Strip pooling: mean or maximum of whole rows and columns; see {@link StripPool}. */
    STRIP_POOL("pooling_strip", "Strip pooling", StripPool::new, StripPoolBp::new, 2),
    /** Diagonal pooling: mean or maximum of whole diagonals; see {@link DiagonalPool}. */
    DIAGONAL_POOL("pooling_diagonal", "Diagonal pooling", DiagonalPool::new, DiagonalPoolBp::new, 2),
    /** Channel pooling: maximum and mean over the channels of every place; see {@link ChannelPool}. */
    CHANNEL_POOL("pooling_channel", "Channel pooling", ChannelPool::new, ChannelPoolBp::new, 2),
    /** Squeeze and excitation: channels times factors made of their means; see {@link SePool}. */
    SE_POOL("pooling_se", "Squeeze and excitation", SePool::new, SePoolBp::new, 2),
    /** CBAM's channel gate: channels times factors made of their means and maxima; see {@link ChannelGate}. */
    CHANNEL_GATE("pooling_channel_gate", "Channel gate", ChannelGate::new, ChannelGateBp::new, 2),
    /** CBAM's spatial gate: places times factors made of maxima and means over channels; see {@link SpatialGate}. */
    SPATIAL_GATE("pooling_spatial_gate", "Spatial gate", SpatialGate::new, SpatialGateBp::new, 2),
    /** CBAM: a channel gate, then a spatial gate; see {@link CbamPool}. */
    CBAM_POOL("pooling_cbam", "Convolutional block attention", CbamPool::new, CbamPoolBp::new, 2),
    /** Strip attention: a gate made of the means of rows and columns; see {@link StripAttention}. */
    STRIP_ATTENTION("pooling_strip_attention", "Strip attention", StripAttention::new, StripAttentionBp::new, 2),
    /** Blur pooling: pooling at stride 1, then a binomial filter with the stride; see {@link BlurPool}. */
    BLUR_POOL("pooling_blur", "Blur pooling", BlurPool::new, BlurPoolBp::new),
    /** Fusion pooling: several poolings of one map, merged; see {@link FusionPool}. */
    FUSION_POOL("pooling_fusion", "Fusion pooling", FusionPool::new, FusionPoolBp::new),
    /** Multi-scale pooling: windows of several sizes brought to one map size; see {@link MultiScalePool}. */
    MULTI_SCALE_POOL("pooling_multi_scale", "Multi-scale pooling", MultiScalePool::new, MultiScalePoolBp::new),
    /** Hierarchical pooling: poolings one behind the other; see {@link HierarchicalPool}. */
    HIERARCHICAL_POOL("pooling_hierarchical", "Hierarchical pooling", HierarchicalPool::new,
            HierarchicalPoolBp::new),
    /**
     * Hierarchical dynamic pooling: stages that mix several poolings as a learned gate says; see {@link
     * HierarchicalDynamicPool}.
     */
    HIERARCHICAL_DYNAMIC_POOL("pooling_hierarchical_dynamic", "Hierarchical dynamic pooling",
            HierarchicalDynamicPool::new, HierarchicalDynamicPoolBp::new),
    /** Deformable policy pooling: displaced places with shares, or one drawn; see {@link DeformablePolicyPool}. */
    DEFORMABLE_POLICY_POOL(
            "pooling_deformable_policy", "Deformable policy pooling",
            DeformablePolicyPool::new, DeformablePolicyPoolBp::new, 2),
    /**
     * Deformable policy pooling with a convolution that predicts offsets and policy; see {@link
     * DeformablePolicyBlockPool}.
     */
    DEFORMABLE_POLICY_BLOCK_POOL(
            "pooling_deformable_policy_block", "Deformable policy pooling with predicted offsets",
            DeformablePolicyBlockPool::new, DeformablePolicyBlockPoolBp::new, 2),
    /** Deformable convolution: a convolution whose places are displaced; see {@link DeformableConvolution}. */
    DEFORMABLE_CONVOLUTION(
            "pooling_deformable_convolution", "Deformable convolution",
            DeformableConvolution::new, DeformableConvolutionBp::new, 2),
    /**
     * Deformable convolution with another convolution that predicts the offsets; see {@link
     * DeformableBlockConvolution}.
     */
    DEFORMABLE_BLOCK_CONVOLUTION(
            "pooling_deformable_block_convolution", "Deformable convolution with predicted offsets",
            DeformableBlockConvolution::new, DeformableBlockConvolutionBp::new, 2),
    /** Graph readout: the nodes of a graph or region become one; see {@link GraphAggregatePool}. */
    GRAPH_AGGREGATE_POOL("pooling_graph_aggregate", "Graph readout", GraphAggregatePool::new,
            GraphAggregatePoolBp::new),
    /** Pooling over the neighbours of each node of a graph; see {@link GraphNeighbourPool}. */
    GRAPH_NEIGHBOUR_POOL("pooling_graph_neighbour", "Graph neighbour pooling", GraphNeighbourPool::new,
            GraphNeighbourPoolBp::new, 1, 2),
    /** The nodes of a graph with the largest scores; see {@link GraphTopkPool}. */
    GRAPH_TOPK_POOL("pooling_graph_topk", "Graph top-k pooling", GraphTopkPool::new, GraphTopkPoolBp::new, 1, 2),
    /** Nodes gathered in soft clusters (DiffPool); see {@link GraphAssignmentPool}. */
    GRAPH_ASSIGNMENT_POOL("pooling_graph_assignment", "Graph assignment pooling", GraphAssignmentPool::new,
            GraphAssignmentPoolBp::new, 1, 2),
    /** Edges between soft clusters (DiffPool); see {@link GraphAssignmentEdges}. */
    GRAPH_ASSIGNMENT_EDGES("pooling_graph_assignment_edges", "Graph assignment edges", GraphAssignmentEdges::new,
            GraphAssignmentEdgesBp::new, 1, 2),
    /** Losses of soft clusters (DiffPool); see {@link GraphAssignmentLoss}. */
    GRAPH_ASSIGNMENT_LOSS("pooling_graph_assignment_loss", "Graph assignment loss", GraphAssignmentLoss::new,
            GraphAssignmentLossBp::new, 1, 2),
    /** Neighbours merged in pairs (EdgePool); see {@link GraphEdgePool}. */
    GRAPH_EDGE_POOL("pooling_graph_edge", "Edge contraction pooling", GraphEdgePool::new, GraphEdgePoolBp::new, 1, 2),
    /** 8-bit maximum pooling; see {@link QuantizedMaxPool}. */
    QUANTIZED_MAX_POOL("pooling_quantized_max", "8-bit maximum pooling", QuantizedMaxPool::new, Types.BYTES),
    /** 8-bit average pooling; see {@link QuantizedAveragePool}. */
    QUANTIZED_AVERAGE_POOL("pooling_quantized_average", "8-bit average pooling", QuantizedAveragePool::new,
            Types.BYTES),
    /** 8-bit soft pooling; see {@link QuantizedSoftPool}. */
    QUANTIZED_SOFT_POOL("pooling_quantized_soft", "8-bit soft pooling", QuantizedSoftPool::new, Types.BYTES),
    /** 8-bit adaptive average pooling; see {@link QuantizedAdaptiveAvgPool}. */
    QUANTIZED_ADAPTIVE_AVG_POOL("pooling_quantized_adaptive_avg", "8-bit adaptive average pooling",
            QuantizedAdaptiveAvgPool::new, Types.BYTES),
    /** 8-bit adaptive maximum pooling; see {@link QuantizedAdaptiveMaxPool}. */
    QUANTIZED_ADAPTIVE_MAX_POOL("pooling_quantized_adaptive_max", "8-bit adaptive maximum pooling",
            QuantizedAdaptiveMaxPool::new, Types.BYTES),
    /** 8-bit RoIAlign; see {@link QuantizedRoiAlign}. */
    QUANTIZED_ROI_ALIGN("pooling_quantized_roi_align", "8-bit RoIAlign", QuantizedRoiAlign::new, Types.BYTES, 2),
    /** Quantisation: real numbers to 8-bit ones; see {@link Quantize}. */
    QUANTIZE("pooling_quantize", "Quantisation", Quantize::new, Types.REAL),
    /** Dequantisation: 8-bit numbers to real ones; see {@link Dequantize}. */
    DEQUANTIZE("pooling_dequantize", "Dequantisation", Dequantize::new, Types.BYTES),
    /** Fake quantisation: rounds as quantisation would, and stays real; see {@link FakeQuantize}. */
    FAKE_QUANTIZE("pooling_fake_quantize", "Fake quantisation", FakeQuantize::new, FakeQuantizeBp::new);

    private final String stem = name().toLowerCase(Locale.ROOT);
    private final String opName;
    private final String title;
    private final Supplier<? extends PoolingOp> forward;
    private final Supplier<? extends PoolingOpBp> backward;
    private final Set<DataType> dataTypes;
    private final List<Integer> dimensions;

    PoolingOperator(
            String opName,
            String title,
            Supplier<? extends PoolingOp> forward,
            Supplier<? extends PoolingOpBp> backward,
            Integer... dimensions) {
        this(opName, title, forward, backward, Types.REAL, dimensions);
    }

    /** An operator without a gradient. */
    PoolingOperator(
            String opName,
            String title,
            Supplier<? extends PoolingOp> forward,
            Set<DataType> dataTypes,
            Integer... dimensions) {
        this(opName, title, forward, null, dataTypes, dimensions);
    }

    PoolingOperator(
            String opName,
            String title,
            Supplier<? extends PoolingOp> forward,
            Supplier<? extends PoolingOpBp> backward,
            Set<DataType> dataTypes,
            Integer... dimensions) {
        this.opName = opName;
        this.title = title;
        this.forward = forward;
        this.backward = backward;
        this.dataTypes = dataTypes;
        this.dimensions = dimensions.length == 0 ? Arrays.asList(1, 2, 3) : Arrays.asList(dimensions);
    }

    /** @return the stem that names the operator's files, for instance soft_pool */
    public String stem() {
        return stem;
    }

    /** @return the stem as a class name, for instance SoftPool */
    public String className() {
        StringBuilder result = new StringBuilder();
        for (String word : stem().split("_")) {
            result.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return result.toString();
    }

    /** @return name in prose */
    public String title() {
        return title;
    }

    /** @return name of the SameDiff op; its gradient's is the same with "_bp" */
    public String opName() {
        return opName;
    }

    /** @return spatial dimensions: 1 for sequences, 2 for images, 3 for volumes */
    public List<Integer> dimensions() {
        return Collections.unmodifiableList(dimensions);
    }

    /** @return element types of the array to pool; half and bfloat16 are computed in float */
    public Set<DataType> dataTypes() {
        return dataTypes;
    }

    /** @return whether there is a gradient; operators of 8-bit numbers have none */
    public boolean hasGradient() {
        return backward != null;
    }

    /** @return devices the operator runs on */
    public List<String> devices() {
        return Arrays.asList("CPU", "CUDA");
    }

    /** @return a new op without configuration */
    public PoolingOp newOp() {
        return forward.get();
    }

    /**
     * Makes a gradient op.
     *
     * @return a new gradient op without configuration
     * @throws UnsupportedOperationException if the operator has no gradient
     */
    public PoolingOpBp newGradientOp() {
        if (backward == null) {
            throw new UnsupportedOperationException(title + ": there is no gradient through 8-bit numbers; train with "
                    + FAKE_QUANTIZE.title() + " (" + FAKE_QUANTIZE.className() + ")");
        }
        return backward.get();
    }

    /** @return a new forward op and, where there is one, a new gradient op, as SameDiff needs them to load graphs */
    public List<ExecutableOp> prototypes() {
        return hasGradient() ? Arrays.asList(newOp(), newGradientOp()) : Collections.singletonList(newOp());
    }

    /** Element types; constants of an enum are made before its fields. */
    private static final class Types {
        private static final Set<DataType> REAL = Collections
                .unmodifiableSet(EnumSet.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16));
        private static final Set<DataType> BYTES =
                Collections.unmodifiableSet(EnumSet.of(DataType.INT8, DataType.UINT8));
    }
}
