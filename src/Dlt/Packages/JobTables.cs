using Dlt.Schemas;

namespace Dlt.Packages;

/// <summary>Tables of job files. A table name too long for a file name is shortened there; the schema has the whole name.</summary>
internal static class JobTables
{
    /// <summary>Bytes of a job file name beside the table: dots, file id, retry count, format.</summary>
    public const int ReservedBytes = 32;

    public static string Component(string table) => JobFileName.TableComponent(table, ReservedBytes);

    public static string Resolve(JobFileName job, Schema schema) => schema.TryGetTable(job.Table, out _)
        ? job.Table
        : schema.Tables.FirstOrDefault(t => Component(t.Name) == job.Table)?.Name ?? job.Table;
}
