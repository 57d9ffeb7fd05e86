using Dlt.Configuration;
using Dlt.Parquet;

namespace Dlt.Settings;

/// <summary>Settings of the steps of a run. They are read before the run begins, so an invalid value stops it early.</summary>
internal sealed class StepSettings
{
    /// <exception cref="ConfigurationException">A value is of the wrong type or out of range.</exception>
    public StepSettings(DltConfiguration configuration, string pipeline, Action<string> warn)
    {
        JsonValue Resolve(ConfigurationSpec spec, params string[] sections) =>
            StepSpecs.Resolve(spec, configuration, pipeline, warn, sections);
        foreach (var warning in StepSpecs.Unknown(configuration, pipeline)) warn(warning);
        var extract = Resolve(StepSpecs.Extract, "extract");
        ExtractWorkers = Count(extract["workers"]);
        MaxParallelItems = Count(extract["max_parallel_items"]);
        var normalize = Resolve(StepSpecs.Normalize, "normalize");
        NormalizeWorkers = normalize["workers"] is { Kind: JsonKind.Integer } workers ? Count(workers) : null;
        AddLoadId = normalize["parquet_normalizer"]!["add_dlt_load_id"]!.AsBool();
        AddRowId = normalize["parquet_normalizer"]!["add_dlt_id"]!.AsBool();
        var load = Resolve(StepSpecs.Load, "load");
        LoadWorkers = Count(load["workers"]);
        LoadStrategy = load["parallelism_strategy"] is { Kind: JsonKind.String } strategy ? strategy.AsString() : "parallel";
        MaxLoadRetries = load["raise_on_max_retries"]!.AsInt64();
        DeletesCompletedJobs = load["delete_completed_jobs"]!.AsBool();
        Files = FilesOf(Resolve(StepSpecs.DataWriter, "normalize"), Resolve(StepSpecs.Parquet, "normalize"));
        Resolve(StepSpecs.Schema);    // the extract step reads it for each source
        Resolve(StepSpecs.Runtime);   // SourceHttp reads it; its warnings belong to the run
    }

    /// <summary>Number of resources that are extracted in parallel: 1 or more.</summary>
    public int ExtractWorkers { get; }

    /// <summary>Maximum number of pages that wait for the writer: 1 or more.</summary>
    public int MaxParallelItems { get; }

    /// <summary>Number of threads that normalise: 1 or more. Null for one per core.</summary>
    public int? NormalizeWorkers { get; }

    /// <summary>True: rows of Arrow tables get <c>_dlt_load_id</c> (docs/spec/pipeline.md 7.5).</summary>
    public bool AddLoadId { get; }

    /// <summary>True: rows of Arrow tables get <c>_dlt_id</c> (docs/spec/pipeline.md 7.5).</summary>
    public bool AddRowId { get; }

    /// <summary>Number of parallel uploads: 1 or more.</summary>
    public int LoadWorkers { get; }

    /// <summary>Strategy of staging: <c>parallel</c>, <c>table-sequential</c> or <c>sequential</c>.</summary>
    public string LoadStrategy { get; }

    /// <summary>Maximum number of attempts per job before the run stops.</summary>
    public long MaxLoadRetries { get; }

    /// <summary>True: the job files of a package are deleted once it is loaded, unless one of them failed.</summary>
    public bool DeletesCompletedJobs { get; }

    /// <summary>Format and sizes of job files.</summary>
    public JobFileOptions Files { get; }

    private static int Count(JsonValue? value) => (int)value!.AsInt64();

    private static long? Number(JsonValue? value) => value is { Kind: JsonKind.Integer } ? value.AsInt64() : null;

    private static JobFileOptions FilesOf(JsonValue writer, JsonValue parquet)
    {
        var files = new JobFileOptions
        {
            Parquet = ParquetOf(parquet),
            MaxFileRows = Number(writer["file_max_items"]) is { } items and not 0 ? items : null,
        };
        if (Number(writer["file_max_bytes"]) is { } bytes and not 0) files = files with { TargetFileSizeBytes = bytes };
        if (Number(parquet["row_group_size"]) is { } rows) files = files with { RowGroupRows = (int)rows, MaxRowGroupRows = (int)rows };
        return files;
    }

    private static ParquetWriterOptions ParquetOf(JsonValue parquet)
    {
        var options = new ParquetWriterOptions { DeltaEncodings = parquet["delta_encodings"]!.AsBool() };
        if (Number(parquet["data_page_size"]) is { } page) options = options with { PageSizeBytes = (int)Math.Clamp(page, 1024, 1 << 28) };
        return parquet["compression"]!.AsString() switch
        {
            "zstd" => options,
            "snappy" => options with { Codec = ParquetCodec.Snappy },
            "gzip" => options with { Codec = ParquetCodec.Gzip },
            "none" or "uncompressed" => options with { Codec = ParquetCodec.Uncompressed },
            var other => throw new ConfigurationException($"data_writer.compression is '{other}'. Files are written with zstd, "
                + "snappy, gzip or none. Nothing was run.")
            { Fields = ["data_writer.compression"] },
        };
    }
}
