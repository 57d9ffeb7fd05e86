using Dlt.Configuration;
using Dlt.Json;

namespace Dlt.Settings;

/// <summary>Settings of the steps, under dlt's names (spec/pipeline.md 7.3, 7.4, 11): those that have an effect here.</summary>
internal static class StepSpecs
{
    public static ConfigurationSpec ParquetNormalizer { get; } = new("ParquetNormalizerConfiguration",
    [
        new("add_dlt_load_id", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
        new("add_dlt_id", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
    ]);

    /// <summary>Section <c>normalize</c>.</summary>
    public static ConfigurationSpec Normalize { get; } = new("NormalizeConfiguration", [new("workers", ConfigurationType.Integer), new("parquet_normalizer") { Embedded = ParquetNormalizer }]);

    /// <summary>Section <c>load</c>.</summary>
    public static ConfigurationSpec Load { get; } = new("LoaderConfiguration",
    [
        new("workers", ConfigurationType.Integer) { Default = JsonValue.Integer(20) },
        new("raise_on_max_retries", ConfigurationType.Integer) { Default = JsonValue.Integer(5) },
        new("parallelism_strategy") { Allowed = ["parallel", "table-sequential", "sequential"] },
    ]);

    /// <summary>Sections <c>normalize.data_writer</c> and <c>data_writer</c>.</summary>
    public static ConfigurationSpec DataWriter { get; } = new("BufferedDataWriterConfiguration", [new("file_max_items", ConfigurationType.Integer), new("file_max_bytes", ConfigurationType.Integer)]) { Section = "data_writer" };

    /// <summary>The same sections, for Parquet files. dlt's own default is snappy.</summary>
    public static ConfigurationSpec Parquet { get; } = new("ParquetDataWriterConfiguration",
    [
        new("compression") { Allowed = ["none", "snappy", "gzip", "brotli", "lz4", "zstd", "uncompressed"], Default = JsonValue.String("zstd") },
        new("row_group_size", ConfigurationType.Integer),
        new("data_page_size", ConfigurationType.Integer),
    ]) { Section = "data_writer" };

    /// <summary>The values of a record for a pipeline.</summary>
    /// <exception cref="ConfigurationException">A value is of the wrong type, or not allowed.</exception>
    public static JsonValue Resolve(ConfigurationSpec spec, DltConfiguration configuration, string pipeline, params string[] sections) =>
        new ConfigurationResolver(configuration, sections, pipeline).Resolve(spec).Values;
}
