# The images of DoSnapshotPlatform. Each is a target of its own:
#
#   docker build --target do-snapshot -t do-snapshot .      the command
#   docker build --target planner .                         likewise snapshot-worker, transfer-worker, pruner-worker, api, dashboard, sandbox
#
# They share their layers: one program for each service, in one folder. docker compose builds them all. What is written into them about themselves is told by
# --build-arg VERSION=1.2.3 and REVISION=… (docs/images.md); without, the version is the sources'.
#
# What is restored depends on the project files alone, so that a change of the sources does not fetch a package again.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS restored
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY contracts/DoSnapshot.Contracts.csproj contracts/
COPY platform/DigitalOcean/DoSnapshot.DigitalOcean.csproj platform/DigitalOcean/
COPY platform/EventLog/DoSnapshot.EventLog.csproj platform/EventLog/
COPY platform/Hosting/DoSnapshot.Hosting.csproj platform/Hosting/
COPY platform/HttpApi/DoSnapshot.HttpApi.csproj platform/HttpApi/
COPY platform/Inquiry/DoSnapshot.Inquiry.csproj platform/Inquiry/
COPY platform/Lifecycle/DoSnapshot.Lifecycle.csproj platform/Lifecycle/
COPY platform/LocalServers/DoSnapshot.LocalServers.csproj platform/LocalServers/
COPY platform/Notifying/DoSnapshot.Notifying.csproj platform/Notifying/
COPY platform/Operating/DoSnapshot.Operating.csproj platform/Operating/
COPY platform/Retention/DoSnapshot.Retention.csproj platform/Retention/
COPY services/Directory.Build.props services/
COPY services/Api/DoSnapshot.Api.csproj services/Api/
COPY services/Cli/DoSnapshot.Cli.csproj services/Cli/
COPY services/Dashboard/DoSnapshot.Dashboard.csproj services/Dashboard/
COPY services/Planner/DoSnapshot.Planner.csproj services/Planner/
COPY services/PrunerWorker/DoSnapshot.PrunerWorker.csproj services/PrunerWorker/
COPY services/Sandbox/DoSnapshot.Sandbox.csproj services/Sandbox/
COPY services/SnapshotWorker/DoSnapshot.SnapshotWorker.csproj services/SnapshotWorker/
COPY services/TransferWorker/DoSnapshot.TransferWorker.csproj services/TransferWorker/
RUN dotnet restore services/Cli --use-current-runtime -p:PublishReadyToRun=true

FROM restored AS sources
COPY contracts contracts
COPY platform platform
COPY services services

# Compiled ahead for the machine: cron starts the command anew each time. The command refers to every service, so that they are published with it; the
# dashboard's files are listed by the command's name then. READY_TO_RUN=false builds in half the time, for a try.
FROM sources AS published
ARG VERSION=
ARG REVISION=
ARG READY_TO_RUN=true
RUN dotnet publish services/Cli -c Release --no-restore --use-current-runtime --self-contained false -o /app \
        -p:PublishReadyToRun=$READY_TO_RUN -p:UseAppHost=false -p:PublishDocumentationFile=false -p:PublishReferencesDocumentationFiles=false \
        -p:RunAnalyzers=false \
        ${VERSION:+-p:MinVerVersionOverride=$VERSION} ${REVISION:+-p:SourceRevisionId=$REVISION} \
    && cp /app/do-snapshot.staticwebassets.endpoints.json /app/DoSnapshot.Dashboard.staticwebassets.endpoints.json && mkdir /empty

# No shell, no home, and a user without an entry anywhere. Nothing in it is written to.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS program
# Diagnostics would want to write to /tmp. Encryption by Kerberos would be tried at each connection to PostgreSQL, and its library is not in this image.
ENV DOTNET_EnableDiagnostics=0 PGGSSENCMODE=disable
COPY --from=published /app /app
USER 10500:10500
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="DoSnapshotPlatform" \
      org.opencontainers.image.description="Snapshots of DigitalOcean droplets: taken by a schedule, copied to other regions, thinned out by stacked rules." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION:-0.1.0}" \
      org.opencontainers.image.revision="${REVISION}"

# A service listens for its health and measures alone (the sandbox and the API for their calls, too), and asks itself about it: no shell, no other program.
FROM program AS service
ENV ASPNETCORE_URLS=http://+:8080
EXPOSE 8080

FROM service AS planner
ENTRYPOINT ["dotnet", "/app/DoSnapshot.Planner.dll"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=300s --start-interval=5s CMD ["dotnet", "/app/DoSnapshot.Planner.dll", "health"]

FROM service AS snapshot-worker
ENTRYPOINT ["dotnet", "/app/DoSnapshot.SnapshotWorker.dll"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=300s --start-interval=5s CMD ["dotnet", "/app/DoSnapshot.SnapshotWorker.dll", "health"]

FROM service AS transfer-worker
ENTRYPOINT ["dotnet", "/app/DoSnapshot.TransferWorker.dll"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=300s --start-interval=5s CMD ["dotnet", "/app/DoSnapshot.TransferWorker.dll", "health"]

FROM service AS pruner-worker
ENTRYPOINT ["dotnet", "/app/DoSnapshot.PrunerWorker.dll"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=300s --start-interval=5s CMD ["dotnet", "/app/DoSnapshot.PrunerWorker.dll", "health"]

FROM service AS api
ENTRYPOINT ["dotnet", "/app/DoSnapshot.Api.dll"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=300s --start-interval=5s CMD ["dotnet", "/app/DoSnapshot.Api.dll", "health"]

# Its files lie beside it, wherever it is started. The keys of its cookies are written to a volume, if at all.
FROM service AS dashboard
ENTRYPOINT ["dotnet", "/app/DoSnapshot.Dashboard.dll"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=300s --start-interval=5s CMD ["dotnet", "/app/DoSnapshot.Dashboard.dll", "health"]

FROM service AS sandbox
# For the account, when it is kept in a file: a volume takes its owner from here.
COPY --from=published --chown=10500:10500 /empty /data
ENTRYPOINT ["dotnet", "/app/DoSnapshot.Sandbox.dll"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=300s --start-interval=5s CMD ["dotnet", "/app/DoSnapshot.Sandbox.dll", "health"]

# The command that takes do-snapshot.py's options; what an unnamed target builds. It needs no volume and no writable file system.
FROM program AS do-snapshot
ENTRYPOINT ["dotnet", "/app/do-snapshot.dll"]
