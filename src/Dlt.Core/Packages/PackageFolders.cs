namespace Dlt.Packages;

/// <summary>Names of folders and files in a load package, shared with Python dlt (docs/spec/pipeline.md 2.1).</summary>
internal static class PackageFolders
{
    public const string NewJobs = "new_jobs";
    public const string StartedJobs = "started_jobs";
    public const string CompletedJobs = "completed_jobs";
    public const string FailedJobs = "failed_jobs";
    public const string PendingTransitions = ".pending_transitions";
    public const string Exceptions = ".exceptions";
    public const string Restore = ".restore";

    /// <summary>
    /// Folder of packages that were extracted with this one, until they become separate packages. Only dlt for .NET writes it.
    /// </summary>
    public const string Companions = ".companions";

    public const string SchemaFile = "schema.json";
    public const string SchemaUpdates = "schema_updates.json";
    public const string AppliedSchemaUpdates = "applied_schema_updates.json";
    public const string State = "load_package_state.json";
    public const string Completed = "package_completed.json";

    /// <summary>File of the new pipeline state. Only dlt for .NET reads and writes it.</summary>
    public const string NewPipelineState = ".new_pipeline_state.json";

    /// <summary>The names by the constants of Python dlt.</summary>
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
