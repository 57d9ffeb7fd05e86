namespace Dlt.Packages;

/// <summary>Names inside a load package, shared with Python dlt (docs/spec/pipeline.md 2.1).</summary>
internal static class PackageFolders
{
    public const string NewJobs = "new_jobs";
    public const string StartedJobs = "started_jobs";
    public const string CompletedJobs = "completed_jobs";
    public const string FailedJobs = "failed_jobs";
    public const string PendingTransitions = ".pending_transitions";
    public const string Exceptions = ".exceptions";
    public const string Restore = ".restore";

    /// <summary>Packages that were extracted with this one, until they stand beside it. Only .NET writes it.</summary>
    public const string Companions = ".companions";

    public const string SchemaFile = "schema.json";
    public const string SchemaUpdates = "schema_updates.json";
    public const string AppliedSchemaUpdates = "applied_schema_updates.json";
    public const string State = "load_package_state.json";
    public const string Completed = "package_completed.json";

    /// <summary>Ours alone: other readers pass it by.</summary>
    public const string NewPipelineState = ".new_pipeline_state.json";

    /// <summary>By dlt's names of the constants.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["COMPLETED_JOBS_FOLDER"] = CompletedJobs,
        ["FAILED_JOBS_FOLDER"] = FailedJobs,
        ["STARTED_JOBS_FOLDER"] = StartedJobs,
        ["NEW_JOBS_FOLDER"] = NewJobs,
        ["PENDING_TRANSITIONS_FOLDER"] = PendingTransitions,
        ["EXCEPTIONS_FOLDER"] = Exceptions,
        ["RESTORE_FOLDER"] = Restore,
        ["SCHEMA_FILE_NAME"] = SchemaFile,
        ["SCHEMA_UPDATES_FILE_NAME"] = SchemaUpdates,
        ["APPLIED_SCHEMA_UPDATES_FILE_NAME"] = AppliedSchemaUpdates,
        ["LOAD_PACKAGE_STATE_FILE_NAME"] = State,
        ["PACKAGE_COMPLETED_FILE_NAME"] = Completed,
    };
}
