using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>Client for the operations of AWS Lake Formation that tag databases (AWS Lake Formation API, "LF-tags").</summary>
internal sealed class LakeFormationClient(AwsLogin login, RetryWaits? waits = null)
    : JsonServiceClient("LakeFormation", "lakeformation", null, login, waits);
