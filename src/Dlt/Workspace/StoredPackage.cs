using System.Collections.Immutable;

namespace Dlt;

/// <summary>A load package on disk. The result of a run has a <see cref="LoadPackageInfo"/> for it.</summary>
/// <param name="LoadId">Name of the package, which is also the value of <c>_dlt_load_id</c>.</param>
/// <param name="State">Stage of the package.</param>
/// <param name="Folder">Full path of the folder.</param>
public sealed record StoredPackage(string LoadId, StoredPackageState State, string Folder)
{
    /// <summary>Time of the load id; null for ids of other tools that are not times.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the package was loaded or given up; null while it is pending.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>True while the package waits to be normalised or loaded.</summary>
    public bool IsPending => State is StoredPackageState.Extracted or StoredPackageState.Normalized;
}

/// <summary>Content of a load package.</summary>
public sealed record StoredPackageContent
{
    /// <summary>Schema that the rows are loaded with.</summary>
    public required StoredSchema Schema { get; init; }

    /// <summary>Location that the package is to be loaded into, such as <c>s3://lake/shop</c>; null when none was stored.</summary>
    public string? Location { get; init; }

    /// <summary>Files of the package, ordered by name.</summary>
    public ImmutableArray<StoredJob> Jobs { get; init; } = [];

    /// <summary>
    /// Number of rows by table. Before the package is normalised, number of items by table, without files that are read in place.
    /// </summary>
    public required IReadOnlyDictionary<string, long> RowCounts { get; init; }

    /// <summary>Schema changes, rejects and rounded values of the package; empty before it is normalised.</summary>
    public LoadChanges Changes { get; init; } = LoadChanges.None;
}

/// <summary>State of a job.</summary>
public enum StoredJobState
{
    /// <summary>The job waits, for the first time or after a failure.</summary>
    New,

    /// <summary>The job runs, or ran when its process ended.</summary>
    Started,

    /// <summary>The job is done.</summary>
    Completed,

    /// <summary>Python dlt has given up the job.</summary>
    Failed,
}

/// <summary>A file of a package. Each file is loaded independently.</summary>
/// <param name="JobId">Name of the job without the number of failures; it never changes.</param>
/// <param name="Table">Table of the rows.</param>
/// <param name="Format">
/// Format of the file, such as <c>parquet</c> or <c>jsonl</c>; <c>reference</c> for a file that is read in place.
/// </param>
/// <param name="State">State of the job.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="SizeBytes">Size of the file in bytes.</param>
public sealed record StoredJob(string JobId, string Table, string Format, StoredJobState State, string Path, long SizeBytes)
{
    /// <summary>Failures of the job, ordered by attempt, also when it succeeded later.</summary>
    public ImmutableArray<JobFailure> Failures { get; init; } = [];
}

/// <summary>A failed attempt of a job.</summary>
/// <param name="Attempt">Number of the attempt, from 1.</param>
/// <param name="IsTransient">True: the same attempt may succeed later.</param>
/// <param name="Text">The error with its stack trace.</param>
public sealed record JobFailure(int Attempt, bool IsTransient, string Text)
{
    /// <summary>The first line of the error.</summary>
    public string Message => Text.Split('\n', 2)[0].TrimEnd();
}
