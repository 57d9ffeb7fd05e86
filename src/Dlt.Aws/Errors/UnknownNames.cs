using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>Errors about a workgroup or a data catalog that Athena does not have: they name the setting.</summary>
internal static class UnknownNames
{
    /// <summary>Name of Athena's error (docs/spec/aws-apis.md 1.2).</summary>
    private const string ErrorName = "InvalidRequestException";

    /// <summary>The error of a workgroup.</summary>
    public static AthenaQueryException WorkGroup(string name) => new(ErrorName, OfWorkGroup(name));

    /// <summary>The error of a data catalog.</summary>
    public static AthenaQueryException DataCatalog(string name) => new(ErrorName, OfDataCatalog(name));

    /// <summary>
    /// The setting to correct, after a space, if the service says that the workgroup or the data catalog of a request does not exist; else
    /// empty.
    /// </summary>
    /// <param name="message">Message of the service.</param>
    /// <param name="request">Body of the request.</param>
    public static string Hint(string message, JsonValue request)
    {
        if (!Says(message, "not found") && !Says(message, "not exist")) return "";
        if (Says(message, "WorkGroup") && request["WorkGroup"] is { } group) return " " + OfWorkGroup(group.AsString());
        return Says(message, "DataCatalog") && request["Name"] is { } catalog ? " " + OfDataCatalog(catalog.AsString()) : "";
    }

    private static string OfWorkGroup(string name) =>
        $"There is no workgroup '{name}' in the account and region. Correct athena_work_group in [destination.athena], or create it: "
        + $"aws athena create-work-group --name {name}";

    private static string OfDataCatalog(string name) =>
        $"There is no data catalog '{name}' in the account and region. Correct aws_data_catalog in [destination.athena]; "
        + "'aws athena list-data-catalogs' lists them.";

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
