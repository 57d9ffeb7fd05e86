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

    /// <summary>Section <c>extract</c>.</summary>
    public static ConfigurationSpec Extract { get; } = new("ExtractConfiguration", [new("workers", ConfigurationType.Integer) { Default = JsonValue.Integer(5) }]);

    /// <summary>Section <c>runtime</c>: requests to APIs (spec/pipeline.md 11.5). Times are seconds.</summary>
    public static ConfigurationSpec Runtime { get; } = new("RuntimeConfiguration",
    [
        new("request_timeout", ConfigurationType.Double) { Default = JsonValue.Integer(60) },
        new("request_max_attempts", ConfigurationType.Integer) { Default = JsonValue.Integer(5) },
        new("request_backoff_factor", ConfigurationType.Double) { Default = JsonValue.Integer(1) },
        new("request_max_retry_delay", ConfigurationType.Double) { Default = JsonValue.Integer(300) },
        new("http_show_error_body", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
        new("http_max_error_body_length", ConfigurationType.Integer) { Default = JsonValue.Integer(8192) },
    ]) { Section = "runtime" };

    /// <summary>Section <c>schema</c>, also below <c>sources.&lt;schema&gt;</c>: what a new schema begins with.</summary>
    public static ConfigurationSpec Schema { get; } = new("SchemaConfiguration",
    [
        new("naming"),
        new("json_normalizer", ConfigurationType.Map),
        new("allow_identifier_change_on_table_with_data", ConfigurationType.Bool),
        new("use_break_path_on_normalize", ConfigurationType.Bool),
    ]) { Section = "schema" };

    /// <summary>Sections <c>pipelines.&lt;name&gt;</c> and <c>pipelines</c>.</summary>
    public static ConfigurationSpec Pipeline { get; } = new("PipelineConfiguration",
    [
        new("dataset_name"),
        new("import_schema_path"),
        new("export_schema_path"),
        new("restore_from_destination", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("use_single_dataset", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("dev_mode", ConfigurationType.Bool) { Default = JsonValue.Bool(false), Synonyms = ["full_refresh"] },
        new("refresh"),
    ]);

    /// <summary>Section <c>load</c>.</summary>
    public static ConfigurationSpec Load { get; } = new("LoaderConfiguration",
    [
        new("workers", ConfigurationType.Integer) { Default = JsonValue.Integer(20) },
        new("raise_on_max_retries", ConfigurationType.Integer) { Default = JsonValue.Integer(5) },
        new("parallelism_strategy") { Allowed = ["parallel", "table-sequential", "sequential"] },
    ]);

    /// <summary>Sections <c>normalize.data_writer</c> and <c>data_writer</c>.</summary>
    public static ConfigurationSpec DataWriter { get; } = new("BufferedDataWriterConfiguration", [new("file_max_items", ConfigurationType.Integer), new("file_max_bytes", ConfigurationType.Integer)]) { Section = "data_writer" };

    /// <summary>The same sections, for Parquet files. dlt's own default is snappy; <c>delta_encodings</c> is ours.</summary>
    public static ConfigurationSpec Parquet { get; } = new("ParquetDataWriterConfiguration",
    [
        new("compression") { Allowed = ["none", "snappy", "gzip", "brotli", "lz4", "zstd", "uncompressed"], Default = JsonValue.String("zstd") },
        new("row_group_size", ConfigurationType.Integer),
        new("data_page_size", ConfigurationType.Integer),
        new("delta_encodings", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
    ]) { Section = "data_writer" };

    /// <summary>The values of a record for a pipeline.</summary>
    /// <exception cref="ConfigurationException">A value is of the wrong type, or not allowed.</exception>
    public static JsonValue Resolve(ConfigurationSpec spec, DltConfiguration configuration, string pipeline, params string[] sections) =>
        new ConfigurationResolver(configuration, sections, pipeline).Resolve(spec).Values;
}
