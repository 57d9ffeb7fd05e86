using System.Collections.Immutable;

namespace Dlt;

/// <summary>A load package on disk. What a run returns of it is a <see cref="LoadPackageInfo"/>.</summary>
/// <param name="LoadId">Its name, and the value of <c>_dlt_load_id</c>.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Folder">Where it lies.</param>
public sealed record StoredPackage(string LoadId, StoredPackageState State, string Folder)
{
    /// <summary>The moment that the load id stands for; null for ids that other tools made of something else.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was loaded or given up; null while it waits.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>True while it waits to be normalised or loaded.</summary>
    public bool IsPending => State is StoredPackageState.Extracted or StoredPackageState.Normalized;
}

/// <summary>What a load package holds.</summary>
public sealed record StoredPackageContent
{
    /// <summary>The schema with which its rows are, or were, loaded.</summary>
    public required StoredSchema Schema { get; init; }

    /// <summary>Where the run that extracted it was to load it, such as <c>s3://lake/shop</c>; null where nobody noted it.</summary>
    public string? Location { get; init; }

    /// <summary>Its files in the order of their names.</summary>
    public ImmutableArray<StoredJob> Jobs { get; init; } = [];

    /// <summary>Rows by table; before they are normalised, items by table, without files that are read where they lie.</summary>
    public required IReadOnlyDictionary<string, long> RowCounts { get; init; }

    /// <summary>What it changes beside adding rows; nothing before it is normalised.</summary>
    public LoadChanges Changes { get; init; } = LoadChanges.None;
}

/// <summary>How far a job has come.</summary>
public enum StoredJobState
{
    /// <summary>It waits, for the first time or after a failure.</summary>
    New,

    /// <summary>It runs, or ran when its process ended.</summary>
    Started,

    /// <summary>It is done.</summary>
    Completed,

    /// <summary>Python dlt gave it up.</summary>
    Failed,
}

/// <summary>A file of a package, which is loaded by itself.</summary>
/// <param name="JobId">Its name without the number of failures, which stays the same.</param>
/// <param name="Table">The table that it holds rows of.</param>
/// <param name="Format">Its format, such as <c>parquet</c> or <c>jsonl</c>; <c>reference</c> for a file that is read where it lies.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="SizeBytes">Its size.</param>
public sealed record StoredJob(string JobId, string Table, string Format, StoredJobState State, string Path, long SizeBytes)
{
    /// <summary>Its failures in the order of attempts, also of a job that was done afterwards.</summary>
    public ImmutableArray<JobFailure> Failures { get; init; } = [];
}

/// <summary>An attempt of a job that failed.</summary>
/// <param name="Attempt">Its number, from 0.</param>
/// <param name="IsTransient">True: the same attempt may succeed later.</param>
/// <param name="Text">The error, with its stack.</param>
public sealed record JobFailure(int Attempt, bool IsTransient, string Text)
{
    /// <summary>The first line of the error.</summary>
    public string Message => Text.Split('\n', 2)[0].TrimEnd();
}
