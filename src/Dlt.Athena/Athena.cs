using Dlt.Destinations;
using Dlt.Lake;

namespace Dlt;

/// <summary>The AWS Athena / Glue Catalog destination.</summary>
public static class Athena
{
    /// <summary>Loads Parquet files to S3 and tables to Glue, without an Athena query.</summary>
    /// <param name="account">An account in process, such as <c>LocalAthena.From(args)</c>; null for AWS, configured by <c>.dlt/*.toml</c> and the environment.</param>
    public static Destination Destination(LakeAccount? account = null) => new AthenaDestination(account);
}
